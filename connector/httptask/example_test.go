package httptask_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/httptask"
)

func ExampleTask() {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, "order ", r.Header.Get("Idempotency-Key"), " is known")
	}))
	defer shop.Close()
	task, err := httptask.New(httptask.Config{AllowPlain: true, AllowPrivate: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer task.Close()
	_, err = task.Invoke(context.Background(), &connector.Call{
		Resource: "arn:aws:states:::http:invoke", Action: "invoke", IdempotencyKey: "run-1/task-4/1",
		Payload: []byte(`{"ApiEndpoint": "` + shop.URL + `", "Method": "POST", "RequestBody": {"item": "tea"}}`),
	})
	fmt.Println(err)
	// Output: States.Http.StatusCode.409: order run-1/task-4/1 is known
}
