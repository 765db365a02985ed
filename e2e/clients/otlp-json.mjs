import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { tellByHand } from './hand-written.mjs'

await tellByHand(new OTLPTraceExporter())
