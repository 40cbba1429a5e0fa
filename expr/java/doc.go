// Package java is what the functions of AWS Step Functions show of Java, in both
// query languages: its generator of random numbers, and its message digests.
package java
