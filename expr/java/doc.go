// Package java is what the functions of AWS Step Functions show of Java, in both
// query languages: its generator of random numbers, its message digests, its texts of
// numbers, and how it decodes bytes, Base64 and URLs.
package java
