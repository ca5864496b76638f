using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DasAudit.Cli.Hosting;

/// <summary>Builds the container that everything comes from. Its host is never started.</summary>
internal static class ToolHost
{
    /// <summary>The host of one invocation. The terminal stays the caller's; tests replace registrations.</summary>
    public static IHost Build(Terminal terminal, Surroundings surroundings, Action<IServiceCollection>? replace = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(terminal);
        builder.Services.AddSingleton(surroundings);
        ServiceRegistration.Add(builder.Services);
        replace?.Invoke(builder.Services);
        return builder.Build();
    }
}
