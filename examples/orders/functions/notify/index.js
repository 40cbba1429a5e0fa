// The Lambda function that tells the customer that the payment has failed.
const ledger = require('../../ledger/ledger.js');

exports.handler = async ({ order, execution }) => {
  ledger.call('notify-payment-failure', execution);
  const reason = message(order.failure.Cause);
  console.log(`order ${order.orderId}: payment failed, ${reason}`);
  return { orderId: order.orderId, status: 'payment failed', error: order.failure.Error, reason };
};

// The cause of a function's own error is JSON with an errorMessage.
function message(cause) {
  try {
    return JSON.parse(cause).errorMessage ?? cause;
  } catch {
    return cause;
  }
}
