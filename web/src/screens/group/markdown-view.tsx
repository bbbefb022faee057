// Draws the tree of `model/markdown.ts` as React elements. No HTML string exists anywhere on this road.
import { memo, useMemo, type ReactNode } from 'react';
import { parseMarkdown, type Block, type Inline } from '../../model/markdown.ts';
import type { MentionNames } from '../../model/mentions.ts';
import { classes } from '../../ui/classes.ts';
import styles from './markdown-view.module.css';

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s?){1,3}$/u;

export const MarkdownView = memo(function MarkdownView({ text, names }: { text: string; names: MentionNames }) {
  const blocks = useMemo(() => parseMarkdown(text, names), [text, names]);
  return <div className={classes(styles.text, ONLY_EMOJI.test(text) && styles.jumbo)} dir="auto">{drawBlocks(blocks)}</div>;
});

function drawBlocks(blocks: readonly Block[]): ReactNode {
  return blocks.map((block, index) => {
    switch (block.type) {
      case 'paragraph':
        return <p key={index} dir="auto">{drawInline(block.children)}</p>;
      case 'code':
        // Focusable, since it scrolls sideways.
        return <pre key={index} className={styles.block} tabIndex={0} aria-label={block.language ? `Code, ${block.language}` : 'Code'}><code>{block.text}</code></pre>;
      case 'quote':
        return <blockquote key={index} className={styles.quote}>{drawBlocks(block.children)}</blockquote>;
      case 'list': {
        const items = block.items.map((item, at) => <li key={at} dir="auto">{drawInline(item)}</li>);
        return block.start === null ? <ul key={index} className={styles.bullets}>{items}</ul> : <ol key={index} className={styles.numbers} start={block.start}>{items}</ol>;
      }
    }
  });
}

function drawInline(parts: readonly Inline[]): ReactNode {
  return parts.map((part, index) => {
    switch (part.type) {
      case 'text':
        return part.text;
      case 'bold':
        return <strong key={index}>{drawInline(part.children)}</strong>;
      case 'italic':
        return <em key={index}>{drawInline(part.children)}</em>;
      case 'strike':
        return <s key={index}>{drawInline(part.children)}</s>;
      case 'code':
        return <code key={index} className={styles.code}>{part.text}</code>;
      case 'link':
        return <a key={index} href={part.href} title={part.href === part.text ? undefined : part.href} target="_blank" rel="noopener noreferrer nofollow ugc">{part.text}</a>;
      case 'mention':
        return <span key={index} className={classes(styles.mention, part.me && styles.me)}>{part.text}</span>;
    }
  });
}
