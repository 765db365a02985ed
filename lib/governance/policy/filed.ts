// What the files of a workspace say: lib/workspace reads them, since the rooms below do not know folders.
export type FiledPolicies = {
  // Each file as it stands, by its path in the workspace.
  files: readonly { path: string; text: string }[]
  // Where the workspace stands, for paths that are below it; null where it has no folder.
  root: string | null
}

export const NO_FILED_POLICIES: FiledPolicies = { files: [], root: null }
