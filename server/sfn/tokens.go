package sfn

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// The first part of a token says what its others are. tokenOfNoTime was made
// before tokens knew when they were made.
const (
	tokenOfNoTime = "1"
	tokenVersion  = "2"
)

// token makes the nextToken of a listing: where it goes on, what it is a listing
// of, so that one of another listing is refused, and when it was made.
func (s *Server) token(listing string, position ...string) string {
	parts := append([]string{tokenVersion, listing, strconv.FormatInt(s.cfg.Now().UnixMilli(), 36)}, position...)
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00")))
}

// readToken returns the position in the nextToken of a request, which has n
// parts; nil for the beginning.
func (s *Server) readToken(in input, listing string, n int) ([]string, error) {
	if !in.has("nextToken") {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(in.text("nextToken"))
	if err != nil {
		return nil, invalidToken()
	}
	parts := strings.Split(string(text), "\x00")
	position, fresh := parts[1:], s.cfg.Limits.TokenLife == 0
	if parts[0] == tokenVersion && len(parts) > 2 {
		position, fresh = append(parts[1:2:2], parts[3:]...), s.fresh(parts[2])
	} else if parts[0] != tokenOfNoTime {
		return nil, invalidToken()
	}
	if !fresh || len(position) != n+1 || position[0] != listing {
		return nil, invalidToken()
	}
	return position[1:], nil
}

// fresh says whether a token that was made then has not expired.
func (s *Server) fresh(made string) bool {
	milliseconds, err := strconv.ParseInt(made, 36, 64)
	if err != nil {
		return false
	}
	life := s.cfg.Limits.TokenLife
	return life == 0 || s.cfg.Now().Sub(time.UnixMilli(milliseconds)) < life
}

// numberToken is the number with which a listing goes on, 0 for the beginning.
func (s *Server) numberToken(in input, listing string) (uint64, error) {
	position, err := s.readToken(in, listing, 1)
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
func (s *Server) nameToken(in input, listing string) (string, error) {
	position, err := s.readToken(in, listing, 1)
	if position == nil {
		return "", err
	}
	return position[0], err
}
