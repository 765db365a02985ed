import { z } from 'zod'
import { type EnvField, flag, list, onUnlessFalse, text, timezone, webUrl, whole } from './env-kinds'

// What a run may do, the backend it serves, and the commands that start runs.
export const RUN_FIELDS = {
  CLASPER_MAX_OUTPUT_TOKENS: {
    group: 'Runs',
    means: 'Tokens that one model call may answer with, unless the caller says less or more',
    schema: whole(4_096, 1, 1_000_000),
  },
  CLASPER_RUN_TIMEOUT_MS: { group: 'Runs', means: 'Deadline of a run', schema: whole(120_000, 100, 3_600_000) },
  CLASPER_MODE: {
    group: 'Runs',
    means: 'What happens where no policy speaks: permissive, guarded, or strict, which refuses tool calls',
    schema: z.enum(['permissive', 'guarded', 'strict']).default('guarded'),
  },
  CLASPER_POLICY_PATH: {
    group: 'Runs',
    means: 'File of policies that hold for every tenant of this server; read at the start, and nothing where it is not',
    schema: text('./config/policies.yaml'),
  },
  CLASPER_POLICY_OPERATORS: {
    group: 'Runs',
    means: 'Policies may compare by operators (in, prefix, gt, all_under …) and not by equal values alone',
    schema: onUnlessFalse(),
  },
  CLASPER_MAX_STEPS: { group: 'Runs', means: 'Model calls in one run', schema: whole(25, 1, 500) },
  CLASPER_DEFAULT_TASK: { group: 'Runs', means: 'Title of the task when a caller names none', schema: text() },
  CLASPER_WORKSPACES: {
    group: 'Runs',
    means: 'Folder with <tenant>/<workspace> folders; empty means that only the one file workspace exists',
    schema: text(),
  },
  CLASPER_CONTEXT_WARNING_THRESHOLD: {
    group: 'Runs',
    means: 'Percent of the context window from which a reply warns',
    schema: whole(75, 1, 100),
  },
  CLASPER_REQUIRE_SKILL_SIGNATURES: {
    group: 'Runs',
    means: 'Only skill versions that a trusted signer signed are published and run',
    schema: flag(false),
  },
  CLASPER_DEFAULT_TIMEZONE: { group: 'Runs', means: 'Time zone of prompts; empty means UTC', schema: timezone('') },
  CLASPER_INCLUDE_TIME_CONTEXT: {
    group: 'Runs',
    means: 'Tell the model the time; only false turns it off',
    schema: onUnlessFalse(),
  },
  CLASPER_HEARTBEAT_ACK_MAX_CHARS: {
    group: 'Runs',
    means: 'Longest text beside HEARTBEAT_OK that is still silence',
    schema: whole(300, 0, 10_000),
  },
  CLASPER_SMART_CONTEXT: {
    group: 'Runs',
    means: 'Choose skills and memory that fit the message instead of sending all',
    schema: flag(false),
  },
  CLASPER_SMART_CONTEXT_MAX_SKILLS: { group: 'Runs', means: 'Skills that are chosen', schema: whole(5, 0, 64) },
  CLASPER_SMART_CONTEXT_MAX_MEMORY: { group: 'Runs', means: 'Memory pieces that are chosen', schema: whole(3, 0, 100) },
  CLASPER_SMART_CONTEXT_MAX_TOKENS: {
    group: 'Runs',
    means: 'Token limit of what is chosen; 0 is none',
    schema: whole(0, 0, 1_000_000),
  },
  CLASPER_EMBEDDING_PROVIDER: {
    group: 'Runs',
    means: 'Embeddings for smart context besides key words',
    schema: z.enum(['none', 'openai']).default('none'),
  },
  CLASPER_EMBEDDING_MODEL: { group: 'Runs', means: 'Embedding model', schema: text() },
  BACKEND_URL: {
    group: 'Backend',
    means: 'Address of the backend (control plane)',
    schema: webUrl('http://localhost:8000'),
  },
  CLASPER_BACKEND_TIMEOUT_MS: {
    group: 'Backend',
    means: 'Time for one call of the backend',
    schema: whole(10_000, 100, 120_000),
  },
  CLASPER_BACKEND_ATTEMPTS: { group: 'Backend', means: 'Attempts per call of the backend', schema: whole(3, 1, 10) },
  CLASPER_TOOL_TIMEOUT_MS: { group: 'Backend', means: 'Time for one tool call', schema: whole(30_000, 100, 600_000) },
  CLASPER_TOOL_ALLOW_PRIVATE: {
    group: 'Backend',
    means: 'Allow tools of skills to call private addresses (development)',
    schema: flag(false),
  },
  AGENT_DAEMON_URL: {
    group: 'Command line',
    means: 'Address of the Clasper server for dispatcher and run',
    schema: webUrl('http://localhost:8081'),
  },
  DISPATCH_LIMIT_USERS: { group: 'Command line', means: 'Users per dispatcher turn', schema: whole(25, 1, 1000) },
  DISPATCH_LIMIT_NOTIFICATIONS: {
    group: 'Command line',
    means: 'Notifications per user and turn',
    schema: whole(25, 1, 1000),
  },
  DISPATCH_MIN_INTERVAL_SEC: {
    group: 'Command line',
    means: 'Seconds between turns with work',
    schema: whole(2, 0, 3600),
  },
  DISPATCH_MAX_INTERVAL_SEC: {
    group: 'Command line',
    means: 'Longest pause without work, in seconds',
    schema: whole(30, 1, 86_400),
  },
  USER_ID: { group: 'Command line', means: 'User of heartbeat and standup', schema: text() },
  AGENT_ROLE: { group: 'Command line', means: 'Role of heartbeat and standup', schema: text('agent') },
  STANDUP_TIMEZONE: { group: 'Command line', means: 'Time zone of the standup', schema: timezone('UTC') },
  CONTROL_PLANE_URL: {
    group: 'Command line',
    means: 'Backend that conformance checks',
    schema: webUrl('http://localhost:8000'),
  },
  AGENT_TOKEN: {
    group: 'Command line',
    means: 'Agent token that conformance uses; empty makes one with AGENT_JWT_SECRET',
    schema: text(),
    secret: true,
  },
  CONFORMANCE_REPORT_DIR: {
    group: 'Command line',
    means: 'Folder for the conformance report',
    schema: text('./conformance-results'),
  },
  MC_LITE_PORT: { group: 'Command line', means: 'Port of the reference backend', schema: whole(9001, 0, 65535) },
  MC_LITE_DB: {
    group: 'Command line',
    means: 'File of the reference backend; empty means mission-control-lite.db in CLASPER_STATE_DIR',
    schema: text(),
  },
  BACKEND_SEED: {
    group: 'Command line',
    means: 'Tenants that get a demo conversation in the reference backend, comma-separated',
    schema: list(),
  },
} as const satisfies Record<string, EnvField>
