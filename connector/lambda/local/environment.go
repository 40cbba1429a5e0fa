package local

import (
	"os"
	"strconv"
	"strings"
)

// passedOn are the variables of this process that functions get, and prefixes of
// such (those that end in '_'). Everything else, the engine's own secrets among
// it, stays here: a function says in Env what else it needs.
var passedOn = []string{
	"PATH", "HOME", "USER", "SHELL", "LANG", "LC_", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_",
}

// environment is what the process of a function gets: what is passed on, then
// what Lambda sets, then what the project sets, later ones first.
func (f *Function) environment(region, api string) []string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if key, v, ok := strings.Cut(pair, "="); ok && isPassedOn(key) {
			env[key] = v
		}
	}
	for key, v := range f.lambdaVariables(region) {
		env[key] = v
	}
	for key, v := range f.Env {
		env[key] = v
	}
	env["AWS_LAMBDA_RUNTIME_API"] = api
	list := make([]string, 0, len(env))
	for key, v := range env {
		list = append(list, key+"="+v)
	}
	return list
}

func isPassedOn(key string) bool {
	for _, p := range passedOn {
		if key == p || strings.HasSuffix(p, "_") && strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

// lambdaVariables are those that Lambda sets ("Defined runtime environment
// variables" in its developer guide).
func (f *Function) lambdaVariables(region string) map[string]string {
	if region == "" {
		region = os.Getenv("AWS_REGION")
	}
	if region == "" {
		region = "us-east-1"
	}
	runtime := f.Runtime
	if runtime == "" {
		runtime = "provided"
	}
	return map[string]string{
		"_HANDLER":                        f.Handler,
		"AWS_REGION":                      region,
		"AWS_DEFAULT_REGION":              region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_" + runtime,
		"AWS_LAMBDA_FUNCTION_NAME":        f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "$LATEST",
		"LAMBDA_TASK_ROOT":                f.Dir,
		"LAMBDA_RUNTIME_DIR":              f.Dir,
		"TZ":                              ":UTC",
	}
}
