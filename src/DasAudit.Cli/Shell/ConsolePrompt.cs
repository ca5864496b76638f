using System.Text;

namespace DasAudit.Cli.Shell;

/// <summary>Asks on the terminal, without an echo.</summary>
internal sealed class ConsolePrompt(Terminal terminal) : ISecretPrompt
{
    public string? Ask(string question)
    {
        if (Console.IsInputRedirected || !terminal.ErrorIsTerminal)
            return null;
        terminal.Error.Write($"{question}: ");
        var text = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar != '\0')
                text.Append(key.KeyChar);
        }

        terminal.Error.WriteLine();
        return text.ToString();
    }
}
