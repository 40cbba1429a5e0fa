package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

func TestOrderOfTemplateMembers(t *testing.T) {
	for _, c := range []struct{ name, keys, want string }{
		{"what is not computed keeps its order", "z y x", "z y x"},
		{"computed members come last", "a.$ z b.$ y", "z y a b"},
		{"computed members go by the hashes of their names", "weight.$ colour.$ owner.$ tag.$", "owner colour weight tag"},
		{"equal hashes keep the order of the text", "BB.$ Aa.$", "BB Aa"},
		{"twelve fit the first table", "red.$ green.$ blue.$ white.$ black.$ pink.$ grey.$ gold.$ teal.$ navy.$ lime.$ plum.$",
			"red gold plum pink green blue white navy lime black teal grey"},
		{"thirteen need a larger one", "red.$ green.$ blue.$ white.$ black.$ pink.$ grey.$ gold.$ teal.$ navy.$ lime.$ plum.$ rust.$",
			"plum pink green navy lime black teal grey red gold rust blue white"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var members []string
			for _, key := range strings.Fields(c.keys) {
				members = append(members, `"`+key+`": "$.v"`)
			}
			members = append(members, `"": {"inner.$": "$"}`) // so that not all is constant
			m := mustParse(t, end(`"Type": "Pass", "Parameters": {`+strings.Join(members, ",")+`}`), definition.Options{})
			var got []string
			for _, member := range m.Root.Start.Data.Arguments.(*definition.Object).Members {
				if member.Name != "" {
					got = append(got, member.Name)
				}
			}
			if names := strings.Join(got, " "); names != c.want {
				t.Errorf("the members are %s, want %s", names, c.want)
			}
		})
	}
}
