using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using Microsoft.Extensions.DependencyInjection;

using var terminal = Terminal.OfThisProcess();
using var host = ToolHost.Build(terminal, Surroundings.OfThisProcess());
return await host
    .Services.GetRequiredService<CommandRunner>()
    .RunAsync(args, CancellationToken.None)
    .ConfigureAwait(false);
