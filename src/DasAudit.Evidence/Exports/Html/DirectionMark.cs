using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Whether a picture helps or hinders, as a sign and in words.</summary>
internal static class DirectionMark
{
    internal static void Write(HtmlWriter html, AttributedPicture attribution)
    {
        using var line = html.Open("p", ("class", attribution.Direction < 0 ? "direction against" : "direction"));
        html.Element("span", Words.DirectionSign(attribution), ("aria-hidden", "true"));
        html.Text($"{(char)0xA0}{Words.Direction(attribution)}");
    }
}
