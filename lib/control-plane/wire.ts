import { z } from 'zod'
import type { ToolSpec } from '@/lib/shared/chat'

// What the runtime needs of a backend's replies. Whatever else they carry is the backend's own business.
const isStorable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text)
const Id = z.union([z.string().min(1).max(512).refine(isStorable), z.number().transform(String)])

export const Created = z.object({ id: Id })

export const Task = z.object({
  id: Id,
  title: z.string(),
  status: z.string().default('in_progress'),
  description: z.string().nullish(),
})
export type Task = z.output<typeof Task>

export const TaskPage = z.object({ items: z.array(Task), next_cursor: z.string().min(1).nullish() })

const Tool = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/),
  description: z.string().max(8_192).default(''),
  parameters: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }),
  // Ours and the word of the Model Context Protocol for it.
  read_only: z.unknown().optional(),
  annotations: z.unknown().optional(),
})

// What a backend says of a tool. That it only reads holds where it is said so, and nowhere else.
export type ListedTool = ToolSpec & { isReadOnly?: boolean }

const Hints = z.object({ readOnlyHint: z.literal(true) })

const listedOf = ({ read_only: reads, annotations, ...spec }: z.output<typeof Tool>): ListedTool => ({
  ...spec,
  ...(reads === true || Hints.safeParse(annotations).success ? { isReadOnly: true } : {}),
})

// One tool that nobody can understand does not hide the others.
export const ToolList = z.object({
  tools: z.array(z.unknown()).transform((listed) =>
    listed.flatMap((one) => {
      const tool = Tool.safeParse(one)
      return tool.success ? [listedOf(tool.data)] : []
    }),
  ),
})

export const Capabilities = z.object({
  contract_version: z.string(),
  features: z.record(z.string(), z.unknown()).default({}),
  features_list: z.array(z.string()).default([]),
})

export const OpenCapabilities = z.object({
  contract_version: z.string().optional(),
  features: z.array(z.string()).default([]),
})
