package client

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Event is one event of an execution's history.
type Event struct {
	ID       int64
	Previous int64
	Type     string
	At       Time
	// Details are the members of the event's details that the command line
	// shows; a member that is not there is empty.
	Details Details
	// Raw is the whole event as the server wrote it.
	Raw json.RawMessage
}

// Details of an event, of whatever type.
type Details struct {
	Name         string  `json:"name"`
	Input        *string `json:"input"`
	Output       *string `json:"output"`
	Error        string  `json:"error"`
	Cause        string  `json:"cause"`
	Resource     string  `json:"resource"`
	ResourceType string  `json:"resourceType"`
	Parameters   string  `json:"parameters"`
	Index        int     `json:"index"`
	Length       int     `json:"length"`
}

// UnmarshalJSON reads an event and finds its details, whose member is named for
// the event's type.
func (e *Event) UnmarshalJSON(text []byte) error {
	var head struct {
		ID       int64  `json:"id"`
		Previous int64  `json:"previousEventId"`
		Type     string `json:"type"`
		At       Time   `json:"timestamp"`
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &head); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	*e = Event{ID: head.ID, Previous: head.Previous, Type: head.Type, At: head.At, Raw: slices.Clone(text)}
	for name, details := range members {
		if strings.HasSuffix(name, "EventDetails") {
			return json.Unmarshal(details, &e.Details)
		}
	}
	return nil
}

// MarshalJSON writes the event as the server wrote it.
func (e Event) MarshalJSON() ([]byte, error) { return e.Raw, nil }

// History gives the events of an execution in order, page by page, until yield
// answers false.
func (c *Client) History(ctx context.Context, arn string, reverse bool, yield func(Event) bool) error {
	for token := ""; ; {
		page, next, err := c.historyPage(ctx, arn, reverse, token)
		if err != nil {
			return err
		}
		for _, event := range page {
			if !yield(event) {
				return nil
			}
		}
		if token = next; token == "" {
			return nil
		}
	}
}

// NewEvents gives the events after the one with the id last, in order. Its cost
// is that of the new events, however long the history is.
func (c *Client) NewEvents(ctx context.Context, arn string, last int64) ([]Event, error) {
	var events []Event
	err := c.History(ctx, arn, true, func(e Event) bool {
		if e.ID > last {
			events = append(events, e)
		}
		return e.ID > last
	})
	slices.Reverse(events)
	return events, err
}

func (c *Client) historyPage(ctx context.Context, arn string, reverse bool, token string) ([]Event, string, error) {
	var page struct {
		Events []Event `json:"events"`
		Next   string  `json:"nextToken"`
	}
	in := object{"executionArn": arn, "maxResults": 100, "reverseOrder": reverse}
	if isExpress(arn) {
		err := c.get(ctx, ownExecutions+"/"+url.PathEscape(arn)+"/history?"+query(paged(in, token)), &page)
		return page.Events, page.Next, err
	}
	err := c.Call(ctx, "GetExecutionHistory", paged(in, token), &page)
	return page.Events, page.Next, err
}
