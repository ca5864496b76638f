using System.CommandLine;
using DasAudit.Cli.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.CommandLine;

/// <summary>Lays the registered commands out as one command line.</summary>
internal static class CommandTree
{
    /// <summary>Registers a command under a noun, see <see cref="AddCommandGroup"/>, or at the top.</summary>
    public static IServiceCollection AddCommand<TCommand>(this IServiceCollection services, string? group = null)
        where TCommand : ToolCommand =>
        services
            .AddSingleton<TCommand>()
            .AddSingleton(new CommandEntry(group, provider => provider.GetRequiredService<TCommand>()));

    /// <summary>Registers a noun that commands stand under.</summary>
    public static IServiceCollection AddCommandGroup(
        this IServiceCollection services,
        string name,
        string description
    ) => services.AddSingleton(new CommandEntry(null, _ => new Command(name, description)));

    /// <summary>Builds the command line from all registrations, in their order.</summary>
    public static RootCommand Build(IServiceProvider provider)
    {
        var root = new RootCommand(
            "Says which training pictures a generated picture is owed to, who holds their rights, and how sure that is."
        );
        foreach (var setting in provider.GetRequiredService<CommonSettings>().All)
        {
            var option = (Option)setting;
            option.Recursive = true;
            root.Options.Add(option);
        }
        foreach (var entry in provider.GetServices<CommandEntry>())
        {
            var parent = entry.Group is null ? root : root.Subcommands.Single(command => command.Name == entry.Group);
            var command = entry.Make(provider);
            (command as ToolCommand)?.AddSymbols();
            parent.Subcommands.Add(command);
        }
        return root;
    }

    private sealed record CommandEntry(string? Group, Func<IServiceProvider, Command> Make);
}
