import { useEffect, useState } from 'react';
import classes from './studio-bar.module.css';

interface InlineTextProps {
  label: string;
  value: string;
  placeholder: string;
  className?: string | undefined;
  onChange(text: string): void;
}

/** Text that looks like text until it is pointed at; Enter or leaving keeps it, Escape takes it back. */
export function InlineText({ label, value, placeholder, className, onChange }: InlineTextProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const keep = () => {
    const trimmed = text.trim();
    if (trimmed !== value) onChange(trimmed);
    setText(trimmed);
  };
  return (
    <input
      className={`${classes.inline} ${className ?? ''}`}
      aria-label={label}
      title={text}
      value={text}
      placeholder={placeholder}
      size={Math.min(64, Math.max(8, (text || placeholder).length))}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setText(value);
      }}
    />
  );
}
