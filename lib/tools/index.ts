// What an agent may do and how it is done: tools of the backend, built-in ones and those of skills, each call asked
// for permission in every layer, checked against its schema, bounded in time and size. A call never throws.
export { listMcpServers } from './list-mcp-servers'
export { changeToolSettings, toolSettings } from './settings'
export { SKILL_READ } from './skill-read'
export { type Between, ToolFault } from './tool'
export { type Judgement, type Toolbox, type ToolContext, type ToolOutcome, toolsFor } from './toolbox'
