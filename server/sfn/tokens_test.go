package sfn

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// clock is a time that a test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func withToken(text string) input {
	o := value.NewObject(1)
	o.Set("nextToken", text)
	return input{o}
}

func rawToken(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00")))
}

func TestTokens(t *testing.T) {
	made := time.UnixMilli(1_700_000_000_000)
	later := &clock{made}
	s := &Server{cfg: Config{Now: later.now}}
	fresh := s.token("list", "a", "b")
	for name, c := range map[string]struct {
		token, listing string
		life, age      time.Duration
		ok             bool
	}{
		"as it was made":             {fresh, "list", 0, 0, true},
		"old, where none expires":    {fresh, "list", 0, 1000 * time.Hour, true},
		"young enough":               {fresh, "list", 24 * time.Hour, 24*time.Hour - time.Millisecond, true},
		"expired":                    {fresh, "list", 24 * time.Hour, 24 * time.Hour, false},
		"of before the clock":        {fresh, "list", 24 * time.Hour, -time.Hour, true},
		"of another listing":         {fresh, "other", 0, 0, false},
		"without a time":             {rawToken("1", "list", "a", "b"), "list", 0, 0, true},
		"without a time, for others": {rawToken("1", "other", "a", "b"), "list", 0, 0, false},
		"whose age is not known":     {rawToken("1", "list", "a", "b"), "list", 24 * time.Hour, 0, false},
		"of a later version":         {rawToken("3", "list", "0", "a", "b"), "list", 0, 0, false},
		"with a time that is none":   {rawToken("2", "list", "?", "a", "b"), "list", 0, 0, false},
		"that ends too early":        {rawToken("2", "list"), "list", 0, 0, false},
		"with too few parts":         {rawToken("2", "list", "0", "a"), "list", 0, 0, false},
		"empty inside":               {rawToken(""), "list", 0, 0, false},
		"that is no base64":          {"!", "list", 0, 0, false},
	} {
		s.cfg.Limits.TokenLife, later.at = c.life, made.Add(c.age)
		position, err := s.readToken(withToken(c.token), c.listing, 2)
		if ok := err == nil; ok != c.ok || ok && strings.Join(position, " ") != "a b" {
			t.Errorf("a token %s: %v %v", name, position, err)
		}
	}
}

// TestTokensOfListingsExpire through the API.
func TestTokensOfListingsExpire(t *testing.T) {
	w, later := newWorld(t), &clock{time.Now()}
	w.cfg.Now, w.cfg.Limits.TokenLife = later.now, 24*time.Hour
	w.machine("a", passes, "STANDARD")
	w.machine("b", passes, "STANDARD")
	next := w.must("ListStateMachines", map[string]any{"maxResults": 1})["nextToken"]
	in := map[string]any{"maxResults": 1, "nextToken": next}
	later.at = later.at.Add(23 * time.Hour)
	w.must("ListStateMachines", in)
	later.at = later.at.Add(time.Hour)
	w.fails("ListStateMachines", in, "InvalidToken: Invalid Token: 'Invalid token'")
}
