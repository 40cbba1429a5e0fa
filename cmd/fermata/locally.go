package main

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/fermata-dev/fermata/catalog"
)

// mostScale is the largest factor of times that are waited.
const mostScale = 1000

// localFlags are what Step Functions Local can be told of the world around, by
// the same variables of the environment.
type localFlags struct {
	lambdaEndpoint, waitTimeScale string
}

func (f *localFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.lambdaEndpoint, "lambda-endpoint", os.Getenv("LAMBDA_ENDPOINT"), "URL where functions are invoked that the project does not have, without credentials (environment: LAMBDA_ENDPOINT; default: where the AWS configuration says)")
	flags.StringVar(&f.waitTimeScale, "wait-time-scale", environment("1", "WAIT_TIME_SCALE"), "what Wait states and intervals of retries take of their time, for tests: 0.01 makes one second of 100 (environment: WAIT_TIME_SCALE)")
}

// apply sets what the flags say, or lists what is wrong with them.
func (f *localFlags) apply(s *settings) error {
	var problems []error
	if err := checkEndpoint(f.lambdaEndpoint); err != nil {
		problems = append(problems, fmt.Errorf("--lambda-endpoint: %w", err))
	}
	scale, err := parseScale(f.waitTimeScale)
	if err != nil {
		problems = append(problems, fmt.Errorf("--wait-time-scale: %w", err))
	} else {
		s.limits.scaleWaits(scale)
	}
	s.lambdaEndpoint = f.lambdaEndpoint
	return errors.Join(problems...)
}

// parseScale reads a factor of time.
func parseScale(text string) (float64, error) {
	scale, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(scale) || scale < 0 || scale > mostScale {
		return 0, fmt.Errorf("%q is not a number from 0 to %d, such as 0.01", text, mostScale)
	}
	return scale, nil
}

// checkEndpoint accepts no endpoint, or the URL of one.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is not a URL such as http://127.0.0.1:3001", endpoint)
	}
	return nil
}

// localPlace is where a node is that has no flags for it.
func localPlace() catalog.Place {
	return catalog.Place{Partition: "aws", Region: defaultRegion(), Account: defaultAccount()}
}

func defaultRegion() string { return environment("us-east-1", "AWS_REGION", "AWS_DEFAULT_REGION") }

func defaultAccount() string { return environment("123456789012", "AWS_ACCOUNT_ID") }

// environment is the first variable that is set, or else the default.
func environment(otherwise string, names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return otherwise
}
