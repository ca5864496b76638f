namespace DasAudit.Cli.CommandLine;

/// <summary>Writes help text, wrapped at words. Plain strings, because help must come at once.</summary>
internal sealed class HelpWriter(TextWriter writer, int width)
{
    private const int NameColumn = 26;

    /// <summary>Flowing text with an empty line after it.</summary>
    public void Paragraph(string text)
    {
        foreach (var line in Wrap(text, width))
            writer.WriteLine(line);
        writer.WriteLine();
    }

    public void Heading(string text) => writer.WriteLine(text + ":");

    /// <summary>An indented line with an empty line after it.</summary>
    public void Line(string text)
    {
        writer.WriteLine("  " + text);
        writer.WriteLine();
    }

    /// <summary>Lines as they are where they fit, with an empty line after them.</summary>
    public void Notes(string text)
    {
        foreach (var line in text.Split('\n').SelectMany(line => line.Length <= width ? [line] : Wrap(line, width)))
            writer.WriteLine(line);
        writer.WriteLine();
    }

    /// <summary>A heading with two columns below; nothing if there are no rows.</summary>
    public void Table(string heading, IEnumerable<(string Name, string Description)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        Heading(heading);
        foreach (var (name, description) in all)
        {
            // A long name stands on a line of its own.
            var beside = name.Length <= NameColumn - 4;
            if (!beside)
                writer.WriteLine("  " + name);
            var first = beside ? ("  " + name).PadRight(NameColumn) : new string(' ', NameColumn);
            foreach (var line in Wrap(description, width - NameColumn))
            {
                writer.WriteLine(first + line);
                first = new string(' ', NameColumn);
            }
        }
        writer.WriteLine();
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }
}
