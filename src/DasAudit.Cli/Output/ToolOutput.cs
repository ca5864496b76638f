using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Evidence.Document;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>Where commands print: data to standard output, messages to standard error.</summary>
internal sealed class ToolOutput(Terminal terminal, Surroundings surroundings)
{
    private static readonly JsonSerializerOptions OneLine = new(JsonDocuments.Options) { WriteIndented = false };

    private IAnsiConsole? _data;
    private IAnsiConsole? _messages;

    /// <summary>Whether messages and progress are kept back.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether colours are kept back; set before the first output.</summary>
    public bool NoColor { get; set; }

    /// <summary>How names of settings in messages are written; as they stand until a command has been parsed.</summary>
    public Func<string, string> WithOptionNames { get; set; } = message => message;

    /// <summary>Standard output. Made at first use, so that <c>--help</c> need not wait for it.</summary>
    public IAnsiConsole Data => _data ??= Create(terminal.Out, terminal.OutIsTerminal);

    public IAnsiConsole Messages => _messages ??= Create(terminal.Error, terminal.ErrorIsTerminal);

    public void Write(IRenderable renderable) => Data.Write(renderable);

    /// <summary>Prints the one JSON document of a command.</summary>
    public void WriteJson<T>(T document) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(document, JsonDocuments.Options));

    /// <summary>Prints a JSON document on one line, for those who read it while the command goes on.</summary>
    public void WriteJsonLine<T>(T document) => terminal.Out.WriteLine(JsonSerializer.Serialize(document, OneLine));

    /// <summary>Prints text as it is, all of it or, if writing fails, none.</summary>
    public void WriteText(Action<TextWriter> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        write(text);
        terminal.Out.Write(text.ToString());
    }

    /// <summary>Tells the person something, unless <see cref="Quiet"/>.</summary>
    public void Say(string message)
    {
        if (!Quiet)
            Messages.WriteLine(VisibleText.Of(WithOptionNames(message)));
    }

    /// <summary>The same, on one line however long, for what is to be copied.</summary>
    public void SayUnbroken(string message)
    {
        if (!Quiet)
            terminal.Error.WriteLine(VisibleText.Of(message));
    }

    /// <summary>Says what failed, even with <see cref="Quiet"/>.</summary>
    public void Fail(string message) => terminal.Error.WriteLine($"das-audit: {VisibleText.Of(message)}");

    private IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var coloured =
            isTerminal
            && !NoColor
            && surroundings.Variable("NO_COLOR") is null
            && surroundings.Variable("TERM") != "dumb";
        return AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = isTerminal && surroundings.Variable("TERM") != "dumb" ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = coloured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
                // Otherwise a CI variable turns escape sequences on in files.
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
                Out = new WriterOutput(writer, isTerminal, isTerminal ? terminal.Width : Terminal.FixedWidth),
            }
        );
    }

    private sealed class WriterOutput(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(System.Text.Encoding encoding) { }
    }
}
