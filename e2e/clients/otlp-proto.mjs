import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { tellByHand } from './hand-written.mjs'

await tellByHand(new OTLPTraceExporter())
