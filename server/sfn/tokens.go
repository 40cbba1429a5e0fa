package sfn

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// token makes the nextToken of a listing: where it goes on, and what it is a
// listing of, so that one of another listing is refused.
func token(listing string, position ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(append([]string{"1", listing}, position...), "\x00")))
}

// readToken returns the position in the nextToken of a request, which has n
// parts; nil for the beginning.
func readToken(in input, listing string, n int) ([]string, error) {
	if !in.has("nextToken") {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(in.text("nextToken"))
	parts := strings.Split(string(text), "\x00")
	if err != nil || len(parts) != n+2 || parts[0] != "1" || parts[1] != listing {
		return nil, invalidToken()
	}
	return parts[2:], nil
}

// numberToken is the number with which a listing goes on, 0 for the beginning.
func numberToken(in input, listing string) (uint64, error) {
	position, err := readToken(in, listing, 1)
	if position == nil {
		return 0, err
	}
	n, err := strconv.ParseUint(position[0], 10, 63)
	if err != nil {
		return 0, invalidToken()
	}
	return n, nil
}

// nameToken is the name after which a listing by name goes on.
func nameToken(in input, listing string) (string, error) {
	position, err := readToken(in, listing, 1)
	if position == nil {
		return "", err
	}
	return position[0], err
}
