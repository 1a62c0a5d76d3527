package org.netdissect.base;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it. Units are decimal, as disks are sold: 1 kB is 1000 bytes, 1 KiB is 1024.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?([kmgt]?)(i?)b");
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    /**
     * Reads {@code 100GB}, {@code 1.5TB}, {@code 512 MiB}; upper and lower case are equal. The unit is required with
     * its B: {@code 100G} could mean GB or GiB.
     *
     * @throws InputException for anything else
     */
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (form.matches() && !(form.group(2).isEmpty() && !form.group(3).isEmpty())) {
            int power = form.group(2).isEmpty() ? 0 : 1 + "kmgt".indexOf(form.group(2));
            BigDecimal base = BigDecimal.valueOf(form.group(3).isEmpty() ? 1000 : 1024);
            BigDecimal bytes = new BigDecimal(form.group(1)).multiply(base.pow(power));
            if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return new ByteSize(bytes.setScale(0, RoundingMode.DOWN).longValueExact());
            }
        }
        throw new InputException(
                "'" + text + "': expected a size with its unit (B, kB, MB, GB, TB, or KiB to TiB), such as 100GB");
    }

    /** A number with one decimal and a decimal unit, such as {@code 12.8 MB}; whole bytes below 1 kB. */
    @Override
    public String toString() {
        int unit = 0;
        double value = bytes;
        // 999.95 would be written as 1000.0
        while (value >= 999.95 && unit < UNITS.size() - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }
}
