"""The Python face: plain calls, LangChain tools and a LangGraph subgraph.

``flowloom`` itself exports what most programs need. Import from the modules here:

    composing   compose, acompose, edit, aedit, stream
    verifying   verify
    assembling  what the calls share: settings, and one assembly for each
    answers     the same results in few words, for agents
    tools       LangChain tools
    subgraph    the composer as a node of your own LangGraph graph
"""
