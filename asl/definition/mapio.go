package definition

// most is how many items a distributed Map reads.
const most = 100_000_000

// itemReader reads ItemReader, nil if it is absent.
func (f fields) itemReader() *ItemReader {
	r, ok := f.nested("ItemReader")
	if !ok {
		return nil
	}
	r.check(itemReaderFields)
	r.comment()
	r.require("Resource")
	reader := &ItemReader{Arguments: r.callArguments()}
	if resource := r.fixedResource("s3:getObject", "s3:listObjectsV2"); resource != nil {
		reader.Resource = *resource
	}
	if config, ok := r.nested("ReaderConfig"); ok {
		reader.Config = config.readerConfig()
	}
	return reader
}

// callArguments reads Parameters or Arguments of a reader or writer.
func (f fields) callArguments() Template {
	if f.lang == JSONata {
		return f.arguments("Arguments")
	}
	return f.selector("Parameters")
}

// fixedResource reads a Resource that has to be one of a few integrations.
func (f fields) fixedResource(allowed ...string) *Resource {
	arn, ok := f.text("Resource")
	if !ok {
		return nil
	}
	r, ok := parseResource(arn)
	if ok && r.Pattern == RequestResponse && !r.AWSSDK {
		for _, a := range allowed {
			if a == r.Service+":"+r.Action {
				return &r
			}
		}
	}
	f.unrecognised(arn, quoteList(allowed))
	return nil
}

func (f fields) readerConfig() ReaderConfig {
	f.check(readerConfigFields)
	f.comment()
	f.exclusive("MaxItems", "MaxItemsPath")
	c := ReaderConfig{CSVHeaders: f.stringItems("CSVHeaders")}
	c.InputType, _ = f.choice("InputType", "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	c.Transformation, _ = f.choice("Transformation", "NONE", "LOAD_AND_FLATTEN")
	c.ManifestType, _ = f.choice("ManifestType", "ATHENA_DATA", "S3_INVENTORY")
	c.CSVDelimiter, _ = f.choice("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	c.CSVHeaderLocation, _ = f.choice("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	c.ItemsPointer, _ = f.text("ItemsPointer")
	c.MaxItems = f.amount("MaxItems", bounds{max: most}, noContextRoot)
	if c.CSVHeaderLocation == "GIVEN" {
		f.require("CSVHeaders")
	}
	return c
}

// biggestBatch is the limit of MaxInputBytesPerBatch.
const biggestBatch = 256 * 1024

// itemBatcher reads ItemBatcher, nil if it is absent.
func (f fields) itemBatcher() *ItemBatcher {
	b, ok := f.nested("ItemBatcher")
	if !ok {
		return nil
	}
	b.check(itemBatcherFields)
	b.comment()
	b.exclusive("MaxItemsPerBatch", "MaxItemsPerBatchPath")
	b.exclusive("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	batcher := &ItemBatcher{
		MaxItemsPerBatch:      b.amount("MaxItemsPerBatch", bounds{max: most}, noContextRoot),
		MaxInputBytesPerBatch: b.amount("MaxInputBytesPerBatch", bounds{max: biggestBatch}, noContextRoot),
		BatchInput:            b.template("BatchInput"),
	}
	if !b.has("MaxItemsPerBatch") && !b.has("MaxItemsPerBatchPath") &&
		!b.has("MaxInputBytesPerBatch") && !b.has("MaxInputBytesPerBatchPath") {
		b.refuse(b.at, "At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]", "")
	}
	return batcher
}

// resultWriter reads ResultWriter, nil if it is absent.
func (f fields) resultWriter() *ResultWriter {
	w, ok := f.nested("ResultWriter")
	if !ok {
		return nil
	}
	w.check(resultWriterFields)
	w.comment()
	writer := &ResultWriter{Resource: w.fixedResource("s3:putObject"), Arguments: w.callArguments()}
	if config, ok := w.nested("WriterConfig"); ok {
		config.check(writerConfigFields)
		config.comment()
		writer.OutputType, _ = config.choice("OutputType", "JSON", "JSONL")
		writer.Transformation, _ = config.choice("Transformation", "NONE", "COMPACT", "FLATTEN")
	}
	if !w.has("Resource") && !w.has("WriterConfig") {
		w.refuse(w.at, "At least one of these fields is required: [Resource, WriterConfig]", "")
	}
	return writer
}
