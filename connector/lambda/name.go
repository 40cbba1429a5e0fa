package lambda

import "strings"

// Name is the name of a function, taken apart.
type Name struct {
	// Region and Account are empty unless the name said them.
	Region, Account string
	// Function is the plain name.
	Function string
	// Qualifier is a version or an alias, or empty.
	Qualifier string
}

// ParseName reads every form that Lambda accepts: name, name:qualifier,
// account:function:name, function:name and the full ARN, the last three with an
// optional qualifier. A text that is none of these comes back whole as Function:
// whoever owns the function will say what is wrong with it.
func ParseName(text string) Name {
	var array [9]string // more than any form has, and no allocation
	parts := array[:0]
	for rest, more := text, true; more && len(parts) < len(array); {
		var part string
		part, rest, more = strings.Cut(rest, ":")
		parts = append(parts, part)
	}
	var n Name
	switch {
	case len(parts) >= 7 && parts[0] == "arn" && parts[2] == "lambda" && parts[5] == "function":
		n = Name{Region: parts[3], Account: parts[4]}
		parts = parts[6:]
	case len(parts) >= 3 && parts[1] == "function":
		n = Name{Account: parts[0]}
		parts = parts[2:]
	case len(parts) >= 2 && parts[0] == "function":
		parts = parts[1:]
	}
	switch len(parts) {
	case 1:
		n.Function = parts[0]
	case 2:
		n.Function, n.Qualifier = parts[0], parts[1]
	default:
		return Name{Function: text}
	}
	return n
}

// ARN is the full ARN of the function, with what the name leaves open filled in:
// an empty region is us-east-1, an empty account 000000000000.
func (n Name) ARN() string {
	region, account := n.Region, n.Account
	if region == "" {
		region = defaultRegion
	}
	if account == "" {
		account = "000000000000"
	}
	arn := "arn:aws:lambda:" + region + ":" + account + ":function:" + n.Function
	if n.Qualifier != "" {
		arn += ":" + n.Qualifier
	}
	return arn
}

const defaultRegion = "us-east-1"
