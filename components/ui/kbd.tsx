export const Kbd = ({ keys }: { keys: string }) => (
  <span className="inline-flex gap-1">
    {keys.split(' ').map((key) => (
      <kbd
        key={key}
        className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-mono text-ink-muted text-meta"
      >
        {key}
      </kbd>
    ))}
  </span>
)
