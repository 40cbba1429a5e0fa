// The Lambda function that takes the items of an order out of the stock.
const ledger = require('../../ledger/ledger.js');

exports.handler = async ({ order, execution }) => {
  ledger.call('update-stock', execution);
  console.log(`order ${order.orderId}: ${order.quantity} x ${order.item} taken out of the stock`);
  return { reserved: order.quantity, warehouse: 'north' };
};
