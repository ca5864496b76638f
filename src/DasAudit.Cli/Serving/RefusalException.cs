namespace DasAudit.Cli.Serving;

/// <summary>A request that is not answered with what it asks for.</summary>
/// <param name="status">The status of HTTP.</param>
/// <param name="sentence">For the person who sent it; it says nothing of the store.</param>
internal sealed class RefusalException(int status, string sentence) : Exception(sentence)
{
    public int Status => status;
}
