package main

import "github.com/fermata-dev/fermata/awsmodel"

// correct changes what Step Functions was seen to have otherwise than the model:
// it takes up changes of a model late.
func correct(service string, s *awsmodel.Service) {
	if service == "lambda" {
		// 10241 was refused in December 2025, when functions could have no more.
		most := 10240.0
		configuration := s.Shapes[s.Shapes[s.Operations["GetFunction"]].Members["Configuration"]]
		s.Shapes[configuration.Members["MemorySize"]].Max = &most
	}
}
