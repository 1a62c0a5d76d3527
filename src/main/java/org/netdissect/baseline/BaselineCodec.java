package org.netdissect.baseline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.zip.DataFormatException;
import org.netdissect.base.Digests;

/**
 * Writes and reads a layer's draws, which give detectors by chance for any IoU threshold. The bytes are little-endian:
 * a header, then for each unit its numbers, its best IoU in each draw as a double, and the labels of these as 16-bit
 * numbers.
 */
public final class BaselineCodec {
    /** Version of the format and of the draws: it changes whenever the same masks and labels give other draws. */
    static final int VERSION = 1;

    /** Greatest number of bytes stored for a layer; 2,048 units with 400 draws take 8 MB. */
    static final long MOST_BYTES = 48 << 20;

    private static final int MAGIC = 0x4e444348;
    private static final int HEADER = 7 * Integer.BYTES;
    private static final int UNIT = 3 * Double.BYTES + 3 * Integer.BYTES;

    private static final int DIGITS = 32;

    private BaselineCodec() {}

    /**
     * Digest of everything that the draws depend on.
     *
     * @param alignment {@link org.netdissect.align.AlignmentKey} of the masks
     * @param images number of images in the sample
     * @return 32 hexadecimal digits
     */
    public static String key(String alignment, int images, BaselineSettings settings) {
        MessageDigest digest = Digests.sha256();
        // files are found by this text, so it keeps the name that the record had when they were first written
        String settingsText = "ChanceSettings[method=" + settings.method() + ", permutations=" + settings.permutations()
                + ", seed=" + settings.seed() + "]";
        String text = String.join("\n", Integer.toString(VERSION), alignment, Integer.toString(images), settingsText);
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return Digests.hex(digest).substring(0, DIGITS);
    }

    private static long size(int units, int draws) {
        return HEADER + (long) units * (UNIT + (long) draws * (Double.BYTES + Character.BYTES));
    }

    /** Whether a layer's draws are few enough to be stored. */
    static boolean fits(int units, int draws) {
        return size(units, draws) <= MOST_BYTES;
    }

    /** Encodes a layer that {@link LayerDraws#keepsDraws} its draws. */
    static ByteBuffer encode(LayerDraws layer) {
        ByteBuffer out =
                ByteBuffer.allocate((int) size(layer.units(), layer.draws())).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(VERSION).putInt(layer.units()).putInt(layer.draws());
        out.putInt(layer.images()).putInt(layer.unpaired()).putInt(0);
        for (int i = 0; i < layer.units(); i++) {
            UnitDraws unit = layer.unit(i);
            out.putDouble(unit.observed()).putDouble(unit.mean()).putDouble(unit.chance95());
            out.putInt(unit.observedLabel()).putInt(unit.draws()).putInt(unit.asGreat());
            out.asDoubleBuffer().put(unit.best());
            out.position(out.position() + unit.best().length * Double.BYTES);
            out.asCharBuffer().put(unit.label());
            out.position(out.position() + unit.label().length * Character.BYTES);
        }
        return out.flip();
    }

    /**
     * Decodes the draws.
     *
     * @param units number of units
     * @param images number of images in the sample
     * @param iouThreshold bound that a detector's score exceeds; it may differ from that of the run that stored the
     *     draws
     * @throws DataFormatException if the bytes are not of such a layer
     */
    public static LayerDraws decode(
            ByteBuffer bytes, int units, int images, double iouThreshold, BaselineSettings settings)
            throws DataFormatException {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < HEADER || in.getInt() != MAGIC || in.getInt() != VERSION) {
            throw new DataFormatException("it is of another format");
        }
        int storedUnits = in.getInt();
        int draws = in.getInt();
        int storedImages = in.getInt();
        int unpaired = in.getInt();
        in.getInt();
        if (storedUnits != units || storedImages != images || draws < 0 || draws > settings.permutations()) {
            throw new DataFormatException("it is of other units or draws");
        }
        if (bytes.remaining() != size(units, draws)) {
            throw new DataFormatException("it has " + bytes.remaining() + " bytes, expected " + size(units, draws));
        }
        LayerDraws layer = new LayerDraws(units, iouThreshold, draws, images, unpaired, false);
        for (int i = 0; i < units; i++) {
            layer.add(unit(in, i, draws), null);
        }
        return layer;
    }

    private static UnitDraws unit(ByteBuffer in, int unit, int draws) throws DataFormatException {
        double observed = in.getDouble();
        double mean = in.getDouble();
        double chance95 = in.getDouble();
        int observedLabel = in.getInt();
        int allDraws = in.getInt();
        int asGreat = in.getInt();
        double[] best = new double[draws];
        in.asDoubleBuffer().get(best);
        in.position(in.position() + draws * Double.BYTES);
        char[] label = new char[draws];
        in.asCharBuffer().get(label);
        in.position(in.position() + draws * Character.BYTES);
        boolean isIou = observed >= 0 && observed <= 1 && mean >= 0 && mean <= 1 && chance95 >= 0 && chance95 <= 1;
        if (!isIou || observedLabel < 0 || observedLabel > Character.MAX_VALUE || allDraws < draws || asGreat < 0) {
            throw new DataFormatException("unit " + (unit + 1) + " has numbers out of range");
        }
        return new UnitDraws(unit, observed, observedLabel, allDraws, asGreat, mean, chance95, best, label);
    }
}
