// The Lambda function that tells the customer that all went well.
const ledger = require('../../ledger/ledger.js');

exports.handler = async ({ order, execution }) => {
  ledger.call('send-confirmation', execution);
  console.log(`order ${order.orderId}: confirmed`);
  return {
    orderId: order.orderId,
    status: 'confirmed',
    paymentId: order.payment.paymentId,
    paymentAttempts: order.payment.attempts,
    warehouse: order.stock.warehouse,
  };
};
