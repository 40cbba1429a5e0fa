package mapio

import "strings"

// parsePointer takes a JSON pointer (RFC 6901) apart. The empty one is the whole
// document.
func parsePointer(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	body, ok := strings.CutPrefix(text, "/")
	if !ok {
		return nil, faultf("The ItemsPointer %q is not a JSON pointer, which begins with a slash.", text)
	}
	parts := strings.Split(body, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
	}
	return parts, nil
}
