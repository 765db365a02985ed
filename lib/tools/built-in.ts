import type { Backend, ListedTool } from '@/lib/control-plane'
import { type Arguments, type Tool, ToolFault, type ToolRun } from './tool'

type BuiltIn = Omit<Tool, 'source' | 'run' | 'isReadOnly'> & {
  isReadOnly?: true
  run(backend: Backend, args: Arguments, run: ToolRun): Promise<unknown>
}

export const TASK_STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled']
export const DOC_TYPES = ['deliverable', 'research', 'plan', 'standup', 'note']

const text = (description: string, maxLength: number) => ({ type: 'string', minLength: 1, maxLength, description })

const form = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const TASK = { task_id: text('Another task than the one of this conversation', 200) }

// The schema was checked before: what is there is text.
const textIn = (args: Arguments, name: string): string | undefined => {
  const value = args[name]
  return typeof value === 'string' ? value : undefined
}

const needed = (args: Arguments, name: string): string => {
  const value = textIn(args, name)
  if (value === undefined || value.trim() === '') throw new ToolFault(`${name} is empty`)
  return value
}

const taskOf = (args: Arguments, { taskId }: ToolRun): string => {
  const id = textIn(args, 'task_id') ?? taskId
  if (id === null) throw new ToolFault('This conversation has no task: name one with task_id')
  return id
}

const taskList: BuiltIn = {
  name: 'task_list',
  description: 'List the tasks of the person you work for.',
  parameters: form({
    limit: { type: 'integer', minimum: 1, maximum: 100, description: 'How many, 50 unless given' },
    cursor: text('next_cursor of the page before', 2000),
  }),
  isReadOnly: true,
  run: async (backend, args) => {
    const { limit } = args
    const cursor = textIn(args, 'cursor')
    const page = await backend.listTasks({
      ...(typeof limit === 'number' ? { limit } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    })
    return { items: page.items, next_cursor: page.nextCursor }
  },
}

const taskCreate: BuiltIn = {
  name: 'task_create',
  description: 'Create a task for the person you work for.',
  parameters: form(
    {
      title: text('What is to be done', 500),
      description: text('What whoever does it needs to know', 20_000),
      status: { enum: TASK_STATUSES, description: 'in_progress unless given' },
    },
    ['title'],
  ),
  run: (backend, args, { key }) => {
    const [description, status] = [textIn(args, 'description'), textIn(args, 'status')]
    const more = { ...(description === undefined ? {} : { description }), ...(status === undefined ? {} : { status }) }
    return backend.createTask({ title: needed(args, 'title'), ...more }, key)
  },
}

const messagePost: BuiltIn = {
  name: 'message_post',
  description: 'Post a message to the task of this conversation. Your final answer is posted by itself.',
  parameters: form({ content: text('The message', 100_000), ...TASK }, ['content']),
  run: (backend, args, run) =>
    backend.postMessage({ taskId: taskOf(args, run), content: needed(args, 'content'), key: run.key }),
}

const documentPost: BuiltIn = {
  name: 'document_post',
  description: 'Add a document to the task of this conversation.',
  parameters: form(
    {
      title: text('Title of the document', 500),
      content: text('The document, in Markdown', 500_000),
      doc_type: { enum: DOC_TYPES, description: 'deliverable unless given' },
      ...TASK,
    },
    ['title', 'content'],
  ),
  run: (backend, args, run) =>
    backend.postDocument({
      taskId: taskOf(args, run),
      title: needed(args, 'title'),
      content: needed(args, 'content'),
      docType: textIn(args, 'doc_type') ?? 'deliverable',
      key: run.key,
    }),
}

const BUILT_INS: readonly BuiltIn[] = [taskList, taskCreate, messagePost, documentPost]

export const isBuiltIn = (name: string): boolean => BUILT_INS.some((tool) => tool.name === name)

export const builtInTools = (backend: Backend): Tool[] =>
  BUILT_INS.map((tool) => ({
    ...tool,
    isReadOnly: tool.isReadOnly === true,
    source: 'built-in',
    run: async (args, run) => ({ value: await tool.run(backend, args, run) }),
  }))

export const backendTool = (
  backend: Backend,
  { name, description, parameters, isReadOnly = false }: ListedTool,
): Tool => ({
  name,
  description,
  parameters,
  isReadOnly,
  source: 'backend',
  run: async (args, { key }) => ({ value: await backend.callTool(name, { ...args }, key) }),
})
