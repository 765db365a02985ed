// What every contender is asked, with the same model behind it.
export const MODEL = { provider: 'openai', id: 'gpt-4o-mini' } as const
export const MESSAGE = 'Which of my orders have not left the warehouse yet, and when can I expect them?'
export const TASK_TITLE = 'Bench'
export const TEMPERATURE = 0.4
export const MAX_TOKENS = 4_096

export const BODY = JSON.stringify({
  user_id: 'bench-user',
  session_key: 'user:bench-user:agent',
  task_title: TASK_TITLE,
  message: MESSAGE,
})

// How the contenders that are no product learn where everything is.
export type Surroundings = {
  providerUrl: string
  backendUrl: string
  system: string
  secret: string
  file: string
  isNoted?: boolean
}
