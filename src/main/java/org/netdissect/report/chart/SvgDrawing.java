package org.netdissect.report.chart;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Charts as SVG, through Batik's generator. */
final class SvgDrawing {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final String FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
    private static final int DIGITS = 2;

    private final SVGGraphics2D graphics;
    private final Element root;

    private SvgDrawing(Chart chart) {
        Document document = newDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment(null);
        context.setPrecision(DIGITS);
        context.setIDGenerator(new Ids(chart.name()));
        this.graphics = new Unclipped(context);
        graphics.setSVGCanvasSize(new Dimension((int) Math.ceil(chart.width()), (int) Math.ceil(chart.height())));
        chart.drawing().draw(graphics, new Rectangle2D.Double(0, 0, chart.width(), chart.height()));
        this.root = graphics.getRoot();
        fixText(root, ChartStyle.TEXT_SIZE);
        root.setAttribute("font-family", FONTS);
        root.setAttribute("viewBox", String.format(Locale.ROOT, "0 0 %.2f %.2f", chart.width(), chart.height()));
        Element title = document.createElementNS(NAMESPACE, "title");
        title.setTextContent(chart.title());
        root.insertBefore(title, root.getFirstChild());
    }

    /** Draws a chart as a file and as an element for a page, where black becomes the page's text colour. */
    static Svg draw(Chart chart) {
        SvgDrawing drawing = new SvgDrawing(chart);
        Element root = drawing.root;
        root.setAttribute("width", chart.width() + "pt");
        root.setAttribute("height", chart.height() + "pt");
        String document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + drawing.text() + "\n";
        root.removeAttribute("width");
        root.removeAttribute("height");
        takeColorOfText(root);
        root.setAttribute("role", "img");
        root.setAttribute("style", String.format(Locale.ROOT, "--w:%.0f;--h:%.0f", chart.width(), chart.height()));
        return new Svg(document, drawing.text());
    }

    /** The two forms of one drawing. */
    record Svg(String document, String element) {}

    private static Document newDocument() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Java's own XML parser is there", e);
        }
    }

    /** Fixes the length of texts, since the layout is made with this machine's font and readers may have another. */
    private static void fixText(Element element, double inheritedSize) {
        String own = element.getAttribute("font-size");
        double size = own.isEmpty() ? inheritedSize : Double.parseDouble(own.replace("px", ""));
        element.removeAttribute("font-family");
        if (element.getTagName().equals("text")) {
            Font font = ChartStyle.font().deriveFont((float) size);
            FontRenderContext exact = new FontRenderContext(null, true, true);
            double width = font.getStringBounds(element.getTextContent(), exact).getWidth();
            element.setAttribute("textLength", String.format(Locale.ROOT, "%.2f", width));
            element.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
        children(element).forEach(child -> fixText(child, size));
    }

    private static void takeColorOfText(Element element) {
        for (String attribute : List.of("fill", "stroke")) {
            if (element.getAttribute(attribute).equals("black")) {
                element.setAttribute(attribute, "currentColor");
            }
        }
        children(element).forEach(SvgDrawing::takeColorOfText);
    }

    private static List<Element> children(Element element) {
        NodeList nodes = element.getChildNodes();
        List<Element> children = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }

    private String text() {
        StringWriter text = new StringWriter();
        try {
            graphics.stream(root, text, false, false);
        } catch (SVGGraphics2DIOException e) {
            throw new IllegalStateException("a StringWriter does not fail", e);
        }
        // without the prologue, whose document type names a web address
        String all = text.toString();
        return all.substring(all.indexOf("<svg"));
    }

    /** Ignores JFreeChart's clipping to the chart, which has no effect but would add an element to each text. */
    private static final class Unclipped extends SVGGraphics2D {
        Unclipped(SVGGeneratorContext context) {
            super(context, false);
        }

        @Override
        public void clip(Shape shape) {
            // not clipped
        }

        @Override
        public void setClip(Shape shape) {
            // not clipped
        }
    }

    /** Makes ids unique within a page. */
    private static final class Ids extends SVGIDGenerator {
        private final String prefix;
        private int next;

        Ids(String name) {
            this.prefix = "chart-" + name.replaceAll("[^A-Za-z0-9]", "_") + "-";
        }

        @Override
        public String generateID(String kind) {
            return prefix + kind + next++;
        }
    }
}
