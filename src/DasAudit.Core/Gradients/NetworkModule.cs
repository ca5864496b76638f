using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A module of a network; the name of the network itself is empty.</summary>
internal sealed record NetworkModule(string Name, nn.Module Module)
{
    /// <summary>The parameters that it has itself, by their names in the module and in the network.</summary>
    public IEnumerable<(string Name, string FullName)> Parameters =>
        Module
            .named_parameters(recurse: false)
            .Select(parameter => (parameter.name, Name.Length == 0 ? parameter.name : $"{Name}.{parameter.name}"));

    /// <summary>The modules of a network, the network itself first.</summary>
    public static IEnumerable<NetworkModule> AllOf(nn.Module network) =>
        network
            .named_modules()
            .Prepend((name: "", module: network))
            .Select(named => new NetworkModule(named.name, named.module));
}
