import {
  Binary,
  Bot,
  BrainCircuit,
  CircleDashed,
  Database,
  FileText,
  Gavel,
  GraduationCap,
  ListChecks,
  ListOrdered,
  type LucideIcon,
  Map as MapIcon,
  Search,
  ShieldCheck,
  Workflow,
  Wrench,
} from 'lucide-react'
import type { SpanRow } from '@/lib/tracing/contract'

export type KindLook = { word: string; icon: LucideIcon; ink: string; bar: string }

const model = { ink: 'text-model', bar: 'bg-model' }
const tool = { ink: 'text-tool', bar: 'bg-tool' }
const agent = { ink: 'text-accent', bar: 'bg-accent-line' }
const judge = { ink: 'text-info', bar: 'bg-info' }
const system = { ink: 'text-system', bar: 'bg-system' }

const LOOKS: Record<SpanRow['kind'], KindLook> = {
  inference: { word: 'Model', icon: BrainCircuit, ...model },
  embedding: { word: 'Embedding', icon: Binary, ...model },
  rerank: { word: 'Rerank', icon: ListOrdered, ...model },
  tool: { word: 'Tool', icon: Wrench, ...tool },
  retrieval: { word: 'Retrieval', icon: Search, ...tool },
  memory: { word: 'Memory', icon: Database, ...tool },
  agent: { word: 'Agent', icon: Bot, ...agent },
  skill: { word: 'Skill', icon: GraduationCap, ...agent },
  guardrail: { word: 'Guardrail', icon: ShieldCheck, ...judge },
  evaluator: { word: 'Evaluator', icon: Gavel, ...judge },
  workflow: { word: 'Workflow', icon: Workflow, ...system },
  task: { word: 'Task', icon: ListChecks, ...system },
  plan: { word: 'Plan', icon: MapIcon, ...system },
  prompt: { word: 'Prompt', icon: FileText, ...system },
  step: { word: 'Step', icon: CircleDashed, ...system },
}

export const kindLook = (kind: string): KindLook => LOOKS[kind as SpanRow['kind']] ?? LOOKS.step

// What a row says beside its kind: the tool, the model, else the name that its program gave.
export const subjectOf = ({ kind, tool_name: name, model: id, name: given }: SpanRow): string => {
  if (kind === 'tool' && name !== null) return name
  if (kind === 'inference' && id !== null && given.includes(id)) return id
  return given
}
