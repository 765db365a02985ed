export const Logo = ({ className }: { className?: string }) => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.6"
    strokeLinecap="round"
    aria-hidden="true"
    className={className}
  >
    <path d="M19 6.5A8.5 8.5 0 1 0 19 17.5" />
    <path d="M11.5 12H21" />
    <circle cx="11.5" cy="12" r="2.2" fill="currentColor" stroke="none" />
  </svg>
)
