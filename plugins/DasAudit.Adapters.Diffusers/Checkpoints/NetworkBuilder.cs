using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Builds the networks that configurations describe.</summary>
internal static class NetworkBuilder
{
    /// <param name="json">What describes the network, for messages.</param>
    /// <exception cref="AuditException">It does not fit into memory.</exception>
    internal static T Build<T>(JsonConfig json, Func<T> build)
        where T : nn.Module
    {
        try
        {
            return build();
        }
        catch (ExternalException e)
        {
            throw new AuditException(
                $"The network that '{json.Path}' describes does not fit into memory; check the sizes that it states.",
                e
            );
        }
    }
}
