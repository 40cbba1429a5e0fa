package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needs skips a test where a program is missing.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("skipped: this test needs %s, which is not on this machine", program)
	}
}

const orders = "../../examples/orders"

func TestOrdersExample(t *testing.T) {
	if testing.Short() {
		t.Skip("the payment of the example takes its time; run without -short")
	}
	needs(t, "go")
	needs(t, "node")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)

	t.Run("a payment that fails twice and then works", func(t *testing.T) {
		r := command(t, "run", orders, "--input", "@"+orders+"/order.json")
		var output struct {
			Status          string
			PaymentAttempts int
		}
		if err := json.Unmarshal([]byte(r.out), &output); err != nil || output.Status != "confirmed" || output.PaymentAttempts != 3 {
			t.Errorf("output %q (%v), errors\n%s", r.out, err, r.err)
		}
		contains(t, "the view", r.err, "ValidateOrder", "TakePayment", "failed: PaymentUnavailable", "attempt 2", "failed: PaymentUnavailable", "attempt 3",
			"UpdateStock", "entered", "SendConfirmation", "done", "succeeded")
	})
	t.Run("a declined payment", func(t *testing.T) {
		r := command(t, "run", orders, "--input", "@"+orders+"/order-declined.json")
		var output struct{ Status, Error, Reason string }
		if err := json.Unmarshal([]byte(r.out), &output); err != nil || output.Status != "payment failed" || output.Error != "PaymentDeclined" ||
			output.Reason != "the card for order A-1002 was declined" {
			t.Errorf("output %q (%v), errors\n%s", r.out, err, r.err)
		}
	})
	t.Run("an order that is not valid", func(t *testing.T) {
		r := command(t, "run", orders, "--input", `{"orderId": "A-3", "quantity": 0, "amount": 1}`)
		if r.status != 1 || !strings.Contains(r.err, "InvalidOrder") || !strings.Contains(r.err, "the quantity is 0") {
			t.Errorf("status %d, errors\n%s", r.status, r.err)
		}
	})
	t.Run("every call is in the ledger once", func(t *testing.T) {
		text, err := os.ReadFile(filepath.Join(temp, "fermata-orders", "calls.log"))
		if err != nil {
			t.Fatal(err)
		}
		for function, want := range map[string]int{"validate-order": 3, "take-payment": 4, "update-stock": 1, "send-confirmation": 1, "notify-payment-failure": 1} {
			if got := strings.Count(string(text), `"function":"`+function+`"`); got != want {
				t.Errorf("%s was called %d times, want %d\n%s", function, got, want, text)
			}
		}
	})
}
