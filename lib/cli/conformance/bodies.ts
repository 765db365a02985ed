export type Kind = 'tasks' | 'messages' | 'documents'

export const bodyOf = (kind: Kind, taskId: string, text: string) =>
  ({
    tasks: { title: text },
    messages: { task_id: taskId, content: text },
    documents: { task_id: taskId, title: 'Conformance', content: text, doc_type: 'note' },
  })[kind]
