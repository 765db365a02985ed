import { SKILL_COLUMNS } from '@/components/skills/skill-columns'
import { SKILLS_TEXT } from '@/components/skills/skill-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Skills" text={SKILLS_TEXT} columns={SKILL_COLUMNS} rows={8} />

export default Loading
