package teststate

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/awsmodel"
	"github.com/fermata-dev/fermata/expr/value"
)

// checkMock checks the mocked result of a request, if there is one.
func checkMock(r *Request, state *definition.State) error {
	if r.Mock == nil || r.Mock.Result == nil {
		return nil
	}
	result, err := value.Parse([]byte(*r.Mock.Result))
	if err != nil {
		return refuse("Mocked result must be valid JSON.")
	}
	switch kind := state.Kind.(type) {
	case *definition.Map:
		return checkMapResult(result, kind)
	case *definition.Parallel:
		return checkParallelResult(result, kind)
	case *definition.Task:
		return checkTaskResult(result, &kind.Resource, r.Mock.Validation)
	}
	return nil
}

// checkMapResult: a result that is written elsewhere leaves an object behind.
func checkMapResult(result any, m *definition.Map) error {
	if m.Writer != nil && m.Writer.Resource != nil {
		if _, ok := result.(*value.Object); !ok {
			return refuse("Mocked result must be a JSON object.")
		}
		return nil
	}
	if _, ok := result.([]any); !ok {
		return refuse("Mocked result must be an array.")
	}
	return nil
}

func checkParallelResult(result any, p *definition.Parallel) error {
	results, ok := result.([]any)
	switch {
	case !ok:
		return refuse("Mocked result must be an array.")
	case len(results) != len(p.Branches):
		return refuse("Mocked result must contain the same number of items as number of Parallel branches.")
	}
	return nil
}

// checkTaskResult holds a result against the model of the API that it is of.
func checkTaskResult(result any, resource *definition.Resource, v Validation) error {
	if v == None {
		return nil
	}
	service, operation := modelOf(resource)
	if service == "" {
		return nil
	}
	shape, err := awsmodel.Response(service, operation)
	if err != nil {
		return err
	}
	if shape == nil {
		return nil
	}
	if _, ok := result.(*value.Object); !ok {
		return refuse("Mocked result must be a valid JSON object.")
	}
	if fault := shape.Check(result, v != Present); fault != "" {
		return refuse("Mock result schema validation error: " + fault)
	}
	return nil
}
