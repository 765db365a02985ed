// Servers of the Model Context Protocol that workspaces name: read from mcp.yaml, connected within bounds, trusted with
// nothing. Programs get no surroundings of ours, addresses pass the filter, and nothing stays behind.
export { callMcpTool } from './call-tool'
export { MCP_FILE, type McpFile, type McpServer, mcpFile } from './declaration'
export { isMcpFault } from './fault'
export { mcpTools, type ToolsOf } from './list-tools'
export type { McpTool } from './offered-tool'
export { type McpState, stateOf } from './state'
