package org.netdissect.base;

/** Makes text from files safe for a terminal. */
public final class Printable {
    private Printable() {}

    /** Replaces control characters, line breaks and marks of writing direction with question marks. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(isUnsafe(c) ? '?' : c));
        return safe.toString();
    }

    /** The text, or its start and end if it is longer than {@code most} characters. */
    public static String brief(String text, int most) {
        int end = most / 4;
        return text.length() <= most
                ? text
                : text.substring(0, most - end) + " ... " + text.substring(text.length() - end);
    }

    /** Whether a character is unsafe in a terminal. */
    public static boolean isUnsafe(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isISOControl(codePoint)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
