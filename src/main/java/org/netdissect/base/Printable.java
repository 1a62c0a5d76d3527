package org.netdissect.base;

/** Text from files, made safe for a terminal. */
public final class Printable {
    private Printable() {}

    /** Control characters, line breaks too, and marks that turn the direction of writing become question marks. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(isUnsafe(c) ? '?' : c));
        return safe.toString();
    }

    /** The text, or its start and end where it is longer than {@code most} characters. */
    public static String brief(String text, int most) {
        int end = most / 4;
        return text.length() <= most
                ? text
                : text.substring(0, most - end) + " ... " + text.substring(text.length() - end);
    }

    /** Whether a character must not reach a terminal as it is. */
    public static boolean isUnsafe(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isISOControl(codePoint)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
