const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable=true]'
const OVERLAY = '[role=dialog][data-state=open], [role=menu][data-state=open]'

// A bare letter is a command only when nobody is typing and no overlay has the floor.
export const isBareKey = (event: KeyboardEvent): boolean => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return false
  if (event.target instanceof Element && event.target.closest(TYPING)) return false
  return document.querySelector(OVERLAY) === null
}
