using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>
/// Writes elements that are always closed and text that is always escaped; there is no way to write markup that came
/// from elsewhere. Names of elements and attributes are constants of the program.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    // A line for each keeps the file readable and its differences small; white space around them shows nowhere.
    private static readonly HashSet<string> OwnLine =
    [
        .. "html head meta title style body header main section footer div h1 h2 h3 p figure figcaption".Split(' '),
        .. "ol ul li dl dt dd table caption thead tbody tr th td svg".Split(' '),
        .. "nav form fieldset legend label select option datalist details summary input button link".Split(' '),
    ];

    /// <summary>Opens an element; disposing closes it. An attribute whose value is null is left out.</summary>
    internal Scope Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Void(name, attributes);
        return new Scope(output, name);
    }

    internal void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (Open(name, attributes))
            Text(text);
    }

    internal void Element(string name, Content content, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (Open(name, attributes))
            Write(content);
    }

    /// <summary>An element without content, such as <c>img</c>.</summary>
    internal void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        if (OwnLine.Contains(name))
            output.Write('\n');
        output.Write('<');
        output.Write(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is null)
                continue;
            output.Write(' ');
            output.Write(attribute);
            output.Write("=\"");
            Text(value);
            output.Write('"');
        }

        output.Write('>');
    }

    internal void Write(Content content)
    {
        if (content.Kind is ContentKind.Foreign or ContentKind.Code)
            Foreign(content.Text);
        else
            Text(content.Text);
    }

    /// <summary>Text of the program's own, escaped.</summary>
    internal void Text(string text) =>
        output.Write(
            text.Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("\"", "&quot;", StringComparison.Ordinal)
                .Replace("'", "&#39;", StringComparison.Ordinal)
        );

    /// <summary>Escapes text, keeps it from reordering its surroundings, names hidden characters.</summary>
    internal void Foreign(string text)
    {
        using (Open("bdi"))
        {
            foreach (var (part, hidden) in VisibleText.Parts(text))
            {
                if (hidden)
                    Element("span", part, ("class", "hidden-character"));
                else
                    Text(part);
            }
        }
    }

    /// <summary>An address from a file: a link if it is http or https, otherwise text.</summary>
    internal void Link(string address)
    {
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        )
        {
            Foreign(address);
            return;
        }

        using (Open("a", ("href", uri.AbsoluteUri), ("rel", "noopener noreferrer nofollow")))
            Foreign(address);
    }

    /// <summary>A style sheet of the program's own.</summary>
    internal void Style(string css)
    {
        using (Open("style"))
            output.Write(css);
    }

    internal void DocumentType() => output.Write("<!DOCTYPE html>");

    internal readonly struct Scope(TextWriter output, string name) : IDisposable
    {
        public void Dispose()
        {
            output.Write("</");
            output.Write(name);
            output.Write('>');
        }
    }
}
