package definition

// Options say what the caller can run, beside what the language allows. What
// an option switches off is parsed and checked all the same, and then refused
// with a diagnostic at its place; only a service integration that AWS has is
// never refused. The zero value is a STANDARD machine with none of the extras.
type Options struct {
	// Express applies the rules for state machines of type EXPRESS.
	Express bool
	// Accepted is for a text that was accepted once and is kept: executions of it have
	// to go on. Errors of rules that came later are warnings then.
	Accepted bool
	// JSONata admits the query language of that name.
	JSONata bool
	// DistributedMap admits Map states whose processor has the mode
	// DISTRIBUTED.
	DistributedMap bool
	// Services says whether there is a connector for a service integration,
	// beyond those that always are there: function ARNs, activities,
	// lambda:invoke, http:invoke and states:startExecution. Integrations of the
	// AWS SDK ask with a service of the form "aws-sdk:s3". Nil means none. Where
	// there is no connector, the definition has the warning NoConnector.
	Services func(service, action string) bool
}

// builtin are the integrations that need no Options.Services.
var builtin = map[string]string{
	"lambda": "invoke",
	"http":   "invoke",
	"states": "startExecution",
}

// serves says whether the caller can run tasks with this resource.
func (o Options) serves(r Resource) bool {
	if r.Family != FamilyTask || !r.AWSSDK && builtin[r.Service] == r.Action {
		return true
	}
	service := r.Service
	if r.AWSSDK {
		service = "aws-sdk:" + service
	}
	return o.Services != nil && o.Services(service, r.Action)
}
